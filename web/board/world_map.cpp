#include "world_map.hpp"

#include <algorithm>
#include <string_view>

namespace scale::web {

namespace {

constexpr double k_north = 75, k_west = -180, k_south = -55;
constexpr double k_column_degrees = 2, k_row_degrees = (k_north - k_south) / k_land_rows;

// Runs of sea and land in turn, sea first, through all rows; a digit is a run of 0 to 63 dots. The outlines
// behind it are corner points of coasts by whole degrees, set down for this map.
constexpr std::string_view k_digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::string_view k_runs =
    "9TnDLN_KKCLRmDJffDRHFCCHJQXBOBGrVVEGEEDGHOVJMDB8EqEFFKYND_AJBrEGFHHEOME_AFInIDGGJDMGC_APIlUEYGC_"
    "APJjIELDYGC_AMOFFXIFlGD7JEQDKVHIcCHCD7JDRCNWFJbDEBF6KEhXDKYCBCE_ACJDiYBMXGB_AFBBGBlkZDB_AGBBtdFC"
    "b_AHBBtSCLDCZ_AJBBufeQBBCFCrxSBKgIBGFFCqCCuSBIeHECBFGECnFCuafGDBCCBDBLBmGBvYhFEBFCBMCgEBGBwXiDIB"
    "DBCLChDCDDwXjINqDCCDyVjKMqFE0TkLDBGsEB4SjVBs_JFCj_AD_ABHHBiXBHCh_ADFqYBHEf_ADFpaBKFZBB_ADEHDfaBL"
    "EX_AHFDBECebBJGIDI_ALECCHDabBIIGEH_ANHkbBIJFFHGB_AIEkcBFLEHGGB_AKEhhNDJFGC_ALCidQDJBBD_AUCDEbgNC"
    "JBCCHC_AMCCIXgNBKBCBJB_AOLXfPBIBLC_APLXFBXaBHBDB_APNdVYBBCFC_ATOeSZCBBED_ASPeRbCEEBB_AQQcMBFcCDE"
    "BBFB_AKSbQdCDDBCFE_AHVYPfCOF_AFWYOgBBBOFBB_ABXXOhEMF_AEVYOnDKD_ADVZN_A7TaNuCDB_AHTZODCmBBDDB_AIS"
    "ZODClHBD_AIRZNDDkM_AJPaMEDjN_AJPaMECiR_AHOcLEChT_AGMeLEChT_AGLfKoU_AEMgIpU_AELhIpU_AELhHrT_AEKjF"
    "sGCK_AFJlCuDGBBH_AEJ_AiG_AFI_AkFMC2G_A3C2F_AqBMC3F_AqBLC4F_A1C4F_A1C5F_A_AxE_A_AzD_A_AzD_A_A0D_A"
    "8";

Land unpack() {
    Land made;
    std::size_t at = 0;
    bool dry = false;
    for (char digit : k_runs) {
        for (std::size_t run = k_digits.find(digit); run > 0 && at < made.size(); --run) made[at++] = dry;
        dry = !dry;
    }
    return made;
}

} // namespace

Position place_on_map(GlobePoint point) {
    const double column = (std::clamp(point.longitude, -180.0, 180.0) - k_west) / k_column_degrees;
    const double row = (k_north - std::clamp(point.latitude, k_south, k_north)) / k_row_degrees;
    return {k_world.x + column * k_land_step, k_world.y + row * k_land_step};
}

const Land& land() {
    static const Land made = unpack();
    return made;
}

bool mostly_land(int column, int row, int size) {
    int dots = 0;
    for (int y = row; y < row + size; ++y)
        for (int x = column; x < column + size; ++x) dots += is_land(x, y);
    return dots * 2 >= size * size;
}

} // namespace scale::web
